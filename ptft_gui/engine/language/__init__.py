"""Language models from nothing: text into tokens, tokens into batches, one training loop, a folder for transformers.

Read it in this order: ``documents`` (raw text), ``tokenizer``, ``tokens``, ``batches``, ``gpt`` or ``bert`` (what is
learned), ``loop`` (how), ``results`` (what is left).
"""
