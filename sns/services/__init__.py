"""The rules of social posts: who may write and approve, what is sent when, and what came of it."""
