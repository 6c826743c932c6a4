import json
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user_model
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from chat.models import Message


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        query = parse_qs(self.scope["query_string"].decode())
        self.user = await user_of(query.get("token", [""])[0])
        if self.user is None:
            await self.close()
            return
        self.room = self.scope["url_route"]["kwargs"]["room"]
        self.group = f"chat_{self.room}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        if self.user is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        content = json.loads(text_data).get("message")
        if not content:
            return
        message = await save(self.user, self.room, content)
        await self.channel_layer.group_send(
            self.group,
            {
                "type": "chat_message",
                "sender": self.user.username,
                "content": content,
                "timestamp": message.timestamp.isoformat(),
                "room": self.room,
            },
        )

    async def chat_message(self, event):
        await self.send(text_data=json.dumps(event))


@database_sync_to_async
def user_of(token):
    try:
        user_id = AccessToken(token)["user_id"]
    except TokenError:
        return None
    return get_user_model().objects.filter(pk=user_id, is_active=True).first()


@database_sync_to_async
def save(sender, room, content):
    return Message.objects.create(sender=sender, room=room, content=content)
