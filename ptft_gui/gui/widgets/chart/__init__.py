"""What a chart of curves is made of. pyqtgraph is imported with ``view``, when the first chart is made."""
