"""Real Apache Kafka, PostgreSQL and Redis for tests: started on data of their own, killed, restarted.

`python -m tests.services run -- COMMAND` starts them, tells COMMAND where they are, and stops them again.
"""
