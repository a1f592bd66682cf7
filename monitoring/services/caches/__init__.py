"""What is kept of public answers: how often it serves, warmed before it is asked for, cleared."""
