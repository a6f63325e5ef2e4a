"""Approvals that anyone can prove from Git alone: real repositories, real keys, honest and dishonest histories."""
