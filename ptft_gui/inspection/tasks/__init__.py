"""Questions to models that mark names in a text, answer questions from one, or reply to a prompt.

Ours and any folder in the form of Hugging Face alike: what is asked goes through the very task
(:mod:`ptft_gui.engine.finetune`) that training used, so that an answer here is the answer that was scored there.
"""
