"""The application over werkzeug's threads: everything the sockets do must work without gevent too."""

import os

from werkzeug.serving import run_simple

from app import create_app

if __name__ == "__main__":
    app = create_app()
    app.extensions["consilium"].serve()
    run_simple("127.0.0.1", int(os.environ["PORT"]), app, threaded=True)
