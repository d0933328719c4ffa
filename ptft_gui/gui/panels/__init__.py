"""The pages of the window; a page never knows another page."""
