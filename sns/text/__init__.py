"""Texts as networks see them: how long they are, what in them is a link, where a thread is cut."""
