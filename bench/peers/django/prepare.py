"""Makes the tables and the users that it is called with; prints a token of each, as JSON."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from rest_framework_simplejwt.tokens import AccessToken  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
users = [get_user_model().objects.create_user(name) for name in sys.argv[1:]]
print(json.dumps([str(AccessToken.for_user(user)) for user in users]))
