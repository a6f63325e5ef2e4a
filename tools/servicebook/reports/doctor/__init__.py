"""What a clone's surroundings have against it: Git, hooks, index, file names, machine; and what helps."""
