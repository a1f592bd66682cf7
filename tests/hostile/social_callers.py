"""What social posts answer callers: a part of the tables in callers.py.

Ana has an account, a post and a publication; Dee has a seat with her, in which she does not sit.
"""

OPERATIONS = {
    "GET /api/sns/accounts": (401, 200, 200, 200, 200),
    "POST /api/sns/accounts": (401, 201, 201, 201, 201),
    "GET /api/sns/accounts/{pk}": (401, 404, 200, 404, 200),
    "PATCH /api/sns/accounts/{pk}": (401, 404, 200, 404, 403),
    "DELETE /api/sns/accounts/{pk}": (401, 404, 204, 404, 403),
    "GET /api/sns/posts": (401, 200, 200, 200, 200),
    "POST /api/sns/posts": (401, 201, 201, 201, 201),
    "GET /api/sns/posts/{pk}": (401, 404, 200, 404, 200),
    "PATCH /api/sns/posts/{pk}": (401, 404, 200, 404, 200),
    "DELETE /api/sns/posts/{pk}": (401, 404, 204, 404, 204),
    "POST /api/sns/posts/{pk}/schedule": (401, 404, 200, 404, 409),
    "POST /api/sns/posts/{pk}/publish": (401, 404, 200, 404, 409),
    "POST /api/sns/posts/{pk}/queue": (401, 404, 200, 404, 409),
    "POST /api/sns/posts/{pk}/cancel": (401, 404, 200, 404, 200),
    "POST /api/sns/posts/{pk}/retry": (401, 404, 409, 404, 409),  # nothing failed
    "POST /api/sns/posts/{pk}/submit": (401, 404, 200, 404, 200),
    "POST /api/sns/posts/{pk}/approve": (401, 404, 200, 404, 403),
    "POST /api/sns/posts/{pk}/send-back": (401, 404, 409, 404, 403),  # it is a draft
    "GET /api/sns/posts/{pk}/publications": (401, 404, 200, 404, 200),
    "GET /api/sns/posts/{pk}/comments": (401, 404, 200, 404, 200),
    "POST /api/sns/posts/{pk}/comments": (401, 404, 201, 404, 201),
    "POST /api/sns/posts/validate": (401, 400, 200, 400, 400),  # none of theirs
    "GET /api/sns/campaigns": (401, 200, 200, 200, 200),
    "POST /api/sns/campaigns": (401, 201, 201, 201, 201),
    "GET /api/sns/campaigns/{pk}": (401, 404, 200, 404, 200),
    "PATCH /api/sns/campaigns/{pk}": (401, 404, 200, 404, 200),
    "DELETE /api/sns/campaigns/{pk}": (401, 404, 204, 404, 204),
    "GET /api/sns/templates": (401, 200, 200, 200, 200),
    "POST /api/sns/templates": (401, 201, 201, 201, 201),
    "GET /api/sns/templates/{pk}": (401, 404, 200, 404, 200),
    "PATCH /api/sns/templates/{pk}": (401, 404, 200, 404, 200),
    "DELETE /api/sns/templates/{pk}": (401, 404, 204, 404, 204),
    "GET /api/sns/media": (401, 200, 200, 200, 200),
    "POST /api/sns/media": (401, 415, 415, 415, 415),  # it takes a form
    "GET /api/sns/media/{pk}": (401, 404, 200, 404, 200),
    "PATCH /api/sns/media/{pk}": (401, 404, 200, 404, 200),
    "DELETE /api/sns/media/{pk}": (401, 404, 204, 404, 204),
    "GET /api/sns/seats": (401, 200, 200, 200, 200),
    "POST /api/sns/seats": (401, 201, 201, 422, 201),
    "DELETE /api/sns/seats/{pk}": (401, 404, 204, 404, 404),
}

PAGES = {
    "/social/": (302, 200, 200, 200, 200),
    "/social/posts/new": (302, 200, 200, 200, 200),
    "/social/posts/preview": (405, 405, 405, 405, 405),
    "/social/posts/{pk}": (302, 404, 200, 404, 404),
    "/social/posts/{pk}/edit": (302, 404, 200, 404, 404),
    "/social/posts/{pk}/decide": (405, 405, 405, 405, 405),
    "/social/posts/{pk}/comment": (405, 405, 405, 405, 405),
    "/social/posts/{pk}/move": (405, 405, 405, 405, 405),
    "/social/publications/{pk}/retry": (405, 405, 405, 405, 405),
    "/social/media": (405, 405, 405, 405, 405),
    "/social/media/{pk}": (302, 404, 200, 404, 200),  # Dee has a seat
    "/social/calendar": (302, 200, 200, 200, 200),
    "/social/accounts": (302, 200, 200, 200, 200),
    "/social/accounts/connect/{network}": (302, 200, 200, 200, 200),
    "/social/accounts/callback": (302, 302, 302, 302, 302),
    "/social/accounts/{pk}": (302, 404, 200, 404, 404),
    "/social/accounts/{pk}/disconnect": (302, 404, 200, 404, 404),
    "/social/campaigns": (302, 200, 200, 200, 200),
    "/social/campaigns/{pk}": (302, 404, 200, 404, 404),
    "/social/templates": (302, 200, 200, 200, 200),
    "/social/templates/{pk}": (302, 404, 200, 404, 404),
    "/social/team": (302, 200, 200, 200, 200),
    "/social/team/{pk}/end": (405, 405, 405, 405, 405),
    "/social/workspace": (405, 405, 405, 405, 405),
    "/social/import": (302, 200, 200, 200, 200),
}

FORMS = {
    "/social/posts/new": (302, 400, 400, 400, 400),  # nothing was filled in
    "/social/posts/preview": (302, 200, 200, 200, 200),
    "/social/posts/{pk}/edit": (302, 404, 400, 404, 404),
    "/social/posts/{pk}/decide": (302, 404, 404, 404, 404),  # there is no such wish
    "/social/posts/{pk}/comment": (302, 404, 400, 404, 404),
    "/social/posts/{pk}/move": (302, 404, 404, 404, 404),  # to no day
    "/social/publications/{pk}/retry": (302, 404, 409, 404, 404),  # nothing failed
    "/social/media": (302, 200, 200, 200, 200),
    "/social/accounts/connect/{network}": (302, 200, 200, 200, 200),
    "/social/accounts/{pk}": (302, 404, 200, 404, 404),
    "/social/accounts/{pk}/disconnect": (302, 404, 302, 404, 404),
    "/social/campaigns": (302, 200, 200, 200, 200),
    "/social/campaigns/{pk}": (302, 404, 200, 404, 404),
    "/social/templates": (302, 200, 200, 200, 200),
    "/social/templates/{pk}": (302, 404, 200, 404, 404),
    "/social/team": (302, 200, 200, 200, 200),
    "/social/team/{pk}/end": (302, 404, 302, 404, 302),  # Dee has it
    "/social/workspace": (302, 404, 404, 404, 404),  # whose is not said
    "/social/import": (302, 200, 200, 200, 200),
}
