"""What a table is good for: roles, tasks, findings, numbers, splits, and the examples a model is trained on."""
