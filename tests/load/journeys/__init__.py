"""What people come for. Each class is a kind of people, each of its journeys a method.

A new journey is a method here and its weight in `habits.py`; a new kind of people is a class with a
line there, and its name in `locustfile.py`.
"""
