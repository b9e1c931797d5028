"""The tests of the ticket application. They know nothing of contracts."""

import unittest

from tickets import Refused, Ticket, publish


class Publishing(unittest.TestCase):
    def test_a_ticket_becomes_an_entry(self):
        entry = publish(Ticket(number=4711, question="How do I reset my password?"))
        self.assertEqual(entry.question, "How do I reset my password?")
        self.assertEqual(entry.source, "ticket-4711")
        self.assertIsInstance(entry.id, int)

    def test_a_ticket_without_a_question_is_refused(self):
        with self.assertRaises(Refused) as refused:
            publish(Ticket(number=4712, question=""))
        self.assertTrue(str(refused.exception))


if __name__ == "__main__":
    unittest.main()
