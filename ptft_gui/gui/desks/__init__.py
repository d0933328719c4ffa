"""What the buttons and menus of each page do, between the pages that show and the controller that acts."""
