"""What things cost, measured by hand and in no test (CONTRIBUTING.md). Django is set up before any of them is read."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
django.setup()
