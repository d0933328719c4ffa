"""What the window and the command line know of the Hugging Face hub without asking it."""
