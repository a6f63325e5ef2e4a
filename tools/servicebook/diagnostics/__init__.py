"""What is wrong where: findings of rules, and how they are shown."""
