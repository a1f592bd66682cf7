"""The other side of calls: calendar servers."""
