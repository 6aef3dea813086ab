# SPDX-License-Identifier: Apache-2.0
"""Docker Hub's search, GET /v1/search?q=TERM&n=COUNT, over three repositories."""
import json

from .answers import Answer

FOUND = [
    {"name": "someone/box", "description": "two\nlines \u001b[2J and a description that is longer than 45 letters",
     "star_count": 3, "is_official": False, "is_automated": False},
    {"name": "box", "description": "A box.", "star_count": 1200, "is_official": True, "is_automated": False},
    {"name": "other/thing", "description": "", "star_count": 0, "is_official": False, "is_automated": False},
]


def answer(query):
    found = [one for one in FOUND if query.get("q", "") in one["name"]][:int(query.get("n", 25))]
    body = json.dumps({"query": query.get("q"), "num_results": len(found), "results": found}).encode()
    return Answer(200, {"Content-Type": "application/json"}, body)
