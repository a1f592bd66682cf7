"""How gunicorn serves the peers: with as many processes and threads as the site."""

import os

bind = f"127.0.0.1:{os.environ['PORT']}"
worker_class = "gthread"
workers = int(os.environ["WEB_CONCURRENCY"])
threads = int(os.environ["WEB_THREADS"])
keepalive = 20
control_socket_disable = True
