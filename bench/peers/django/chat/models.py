from django.conf import settings
from django.db import models


class Message(models.Model):
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    room = models.CharField(max_length=100, db_index=True)
    content = models.TextField()
    timestamp = models.DateTimeField(auto_now_add=True)
