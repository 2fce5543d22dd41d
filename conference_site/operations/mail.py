"""Mail without a mail server: each message is printed as a person reads it, so that a link in it can be copied."""

import sys

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: list[EmailMessage]) -> int:
        """Print the messages to standard error; returns how many there were."""
        for message in email_messages:
            lines = (f"To: {', '.join(message.recipients())}", f"Subject: {message.subject}", "", message.body.strip())
            print("\n--- mail (EMAIL_URL is not set) ---", *lines, "--- end of mail ---\n", sep="\n", file=sys.stderr, flush=True)
        return len(email_messages)
