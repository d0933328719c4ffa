"""The Try it tabs of a run: one for each kind of question a model can be asked."""
