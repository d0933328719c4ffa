"""A model that already knows a language learns one job from labelled examples.

The start is a folder in Hugging Face form; what comes out is one, too. Each job is a :class:`~.task.Task` in a file of
its own: how rows become examples, what the head answers, how its answers are read and scored. Everything else is the
same for all of them: reading the start, what of it learns, the loop of the language models, checkpoints, results.
"""
