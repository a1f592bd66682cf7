"""Who calls, and what each operation and page answers them.

The tables must name each route of the URLconf, so that a new one without an entry fails.
"""

from tests.hostile import social_callers

CALLERS = ("nobody", "cho", "ana", "ben", "dee")

# Statuses for nobody, a stranger, the customer, the chef's owner and staff.
OPERATIONS = {
    **social_callers.OPERATIONS,
    "GET /api/auth/me": (401, 200, 200, 200, 200),
    "GET /api/auth/tokens": (401, 200, 200, 200, 200),
    "POST /api/auth/tokens": (400, 400, 400, 400, 400),  # a token issues no token
    "GET /api/auth/tokens/{pk}": (401, 404, 200, 404, 404),
    "DELETE /api/auth/tokens/{pk}": (401, 404, 204, 404, 404),
    "GET /api/coocook/chefs": (200, 200, 200, 200, 200),
    "POST /api/coocook/chefs": (401, 201, 201, 201, 201),
    "GET /api/coocook/chefs/{pk}": (200, 200, 200, 200, 200),
    "PUT /api/coocook/chefs/{pk}": (401, 404, 404, 200, 404),
    "PATCH /api/coocook/chefs/{pk}": (401, 404, 404, 200, 404),
    "GET /api/coocook/chefs/{pk}/availability": (401, 404, 404, 200, 404),
    "PUT /api/coocook/chefs/{pk}/availability": (401, 404, 404, 200, 404),
    "GET /api/coocook/chefs/{pk}/policy": (200, 200, 200, 200, 200),
    "PUT /api/coocook/chefs/{pk}/policy": (401, 404, 404, 200, 404),
    "GET /api/coocook/chefs/{pk}/earnings": (401, 404, 404, 200, 404),
    "GET /api/coocook/chefs/{pk}/slots": (200, 200, 200, 200, 200),
    "GET /api/coocook/chefs/{pk}/menus": (200, 200, 200, 200, 200),
    "POST /api/coocook/chefs/{pk}/menus": (401, 404, 404, 201, 404),
    "GET /api/coocook/chefs/{pk}/connected-calendars": (401, 404, 404, 200, 404),
    "POST /api/coocook/chefs/{pk}/connected-calendars": (401, 404, 404, 422, 404),  # not public
    "GET /api/coocook/connected-calendars/{pk}": (401, 404, 404, 200, 404),
    "DELETE /api/coocook/connected-calendars/{pk}": (401, 404, 404, 204, 404),
    "POST /api/coocook/connected-calendars/{pk}/test": (401, 404, 404, 422, 404),  # not public
    "POST /api/coocook/connected-calendars/{pk}/sync": (401, 404, 404, 200, 404),
    "GET /api/coocook/menus/{pk}": (401, 404, 404, 200, 404),
    "PATCH /api/coocook/menus/{pk}": (401, 404, 404, 200, 404),
    "DELETE /api/coocook/menus/{pk}": (401, 404, 404, 204, 404),
    "PUT /api/coocook/menus/{pk}/picture": (401, 404, 404, 415, 404),  # it takes a form
    "DELETE /api/coocook/menus/{pk}/picture": (401, 404, 404, 204, 404),
    "GET /api/coocook/chefs/{pk}/reviews": (200, 200, 200, 200, 200),
    "GET /api/coocook/bookings": (401, 200, 200, 200, 200),
    "POST /api/coocook/bookings": (401, 201, 201, 201, 201),
    "GET /api/coocook/bookings/{pk}": (401, 404, 200, 200, 404),
    "POST /api/coocook/recurring-bookings": (401, 201, 201, 201, 201),
    "GET /api/coocook/bookings/{pk}.ics": (401, 404, 200, 200, 404),
    "GET /api/coocook/bookings/{pk}/messages": (401, 404, 200, 200, 404),
    "POST /api/coocook/bookings/{pk}/messages": (401, 404, 201, 201, 404),
    "POST /api/coocook/bookings/{pk}/no-show": (401, 404, 403, 409, 404),  # it is not confirmed
    "PATCH /api/coocook/bookings/{pk}": (401, 404, 200, 403, 404),
    "POST /api/coocook/bookings/{pk}/cancel": (401, 404, 200, 200, 404),
    "GET /api/coocook/bookings/{pk}/cancellation-preview": (401, 404, 200, 200, 404),
    "POST /api/coocook/bookings/{pk}/pay": (401, 404, 409, 403, 404),  # nothing is to be paid
    "POST /api/coocook/bookings/{pk}/complete": (401, 404, 403, 409, 404),  # it is not confirmed
    "POST /api/coocook/bookings/{pk}/confirm": (401, 404, 403, 200, 404),
    "POST /api/coocook/bookings/{pk}/decline": (401, 404, 403, 200, 404),
    "POST /api/coocook/bookings/{pk}/reschedule": (
        401,
        404,
        200,
        409,
        404,
    ),  # Ben answers
    "GET /api/coocook/bookings/{pk}/reviews": (401, 404, 200, 200, 404),
    "POST /api/coocook/bookings/{pk}/review": (401, 404, 409, 409, 404),  # it is not completed
    "POST /api/coocook/bookings/{pk}/review-quoting": (401, 404, 409, 403, 404),  # there is none
    "POST /api/coocook/bookings/{pk}/review-answer": (401, 404, 403, 409, 404),  # there is none
    "GET /api/coocook/waitlist": (401, 200, 200, 200, 200),
    "POST /api/coocook/waitlist": (401, 409, 409, 409, 409),  # the day is not full
    "GET /api/coocook/waitlist/{pk}": (401, 404, 200, 404, 404),
    "DELETE /api/coocook/waitlist/{pk}": (401, 404, 204, 404, 404),
    "POST /api/platform/batch-create-bookings": (401, 201, 201, 201, 201),
    "GET /api/platform/products": (200, 200, 200, 200, 200),
    "POST /api/platform/products": (401, 403, 403, 403, 201),
    "GET /api/platform/products/{slug}": (200, 200, 200, 200, 200),
    "PATCH /api/platform/products/{slug}": (401, 403, 403, 403, 200),
    "DELETE /api/platform/products/{slug}": (401, 403, 403, 403, 204),
    "GET /api/platform/subscriptions": (401, 200, 200, 200, 200),
    "POST /api/platform/subscriptions": (401, 201, 409, 201, 201),  # Ana has it already
    "GET /api/platform/subscriptions/{pk}": (401, 404, 200, 404, 404),
    "POST /api/platform/subscriptions/{pk}/preview": (401, 404, 200, 404, 404),
    "POST /api/platform/subscriptions/{pk}/change": (401, 404, 200, 404, 404),
    "POST /api/platform/subscriptions/{pk}/pause": (401, 404, 200, 404, 404),
    "POST /api/platform/subscriptions/{pk}/resume": (401, 404, 409, 404, 404),  # it goes on
    "POST /api/platform/subscriptions/{pk}/cancel": (401, 404, 200, 404, 404),
    "GET /api/platform/entitlements": (401, 200, 200, 200, 200),
    "GET /api/platform/invoices": (401, 200, 200, 200, 200),
    "GET /api/platform/invoices/{pk}": (401, 404, 200, 404, 404),
    "GET /api/platform/invoices/{pk}.pdf": (401, 404, 200, 404, 404),
    "POST /api/platform/invoices/{pk}/pay": (401, 404, 409, 404, 404),  # it is paid
    "GET /api/platform/webhook-endpoints": (401, 200, 200, 200, 200),
    "POST /api/platform/webhook-endpoints": (401, 201, 201, 201, 201),
    "GET /api/platform/webhook-endpoints/{pk}": (401, 404, 200, 404, 404),
    "PATCH /api/platform/webhook-endpoints/{pk}": (401, 404, 200, 404, 404),
    "DELETE /api/platform/webhook-endpoints/{pk}": (401, 404, 204, 404, 404),
    "POST /api/platform/webhook-endpoints/{pk}/rotate-secret": (401, 404, 200, 404, 404),
    "POST /api/platform/webhook-endpoints/{pk}/test": (401, 404, 201, 404, 404),
    "GET /api/platform/webhook-deliveries": (401, 200, 200, 200, 200),
    "GET /api/platform/webhook-deliveries/{pk}": (401, 404, 200, 404, 404),
    "POST /api/platform/webhook-deliveries/{pk}/resend": (401, 404, 200, 404, 404),
    "GET /api/platform/cards": (401, 200, 200, 200, 200),
    "POST /api/platform/cards": (401, 201, 201, 201, 201),
    "DELETE /api/platform/cards/{pk}": (401, 404, 204, 404, 404),
    "GET /api/platform/payments": (401, 200, 200, 200, 200),
    "GET /api/platform/ledger": (401, 403, 403, 403, 200),
    "POST /api/platform/webhooks/stripe": (400, 400, 400, 400, 400),  # nobody has signed it
    "GET /api/health": (200, 200, 200, 200, 200),
    "GET /api/health/ready": (200, 200, 200, 200, 200),
    "GET /api/monitoring/metrics": (401, 403, 403, 403, 200),
    "GET /api/monitoring/system": (401, 403, 403, 403, 200),
    "GET /api/monitoring/alerts": (401, 403, 403, 403, 200),
    "GET /api/monitoring/budgets": (401, 403, 403, 403, 200),
    "GET /api/monitoring/series": (401, 403, 403, 403, 200),
    "GET /api/monitoring/requests/{request_id}": (401, 403, 403, 403, 200),
    "GET /api/cache/stats": (401, 403, 403, 403, 200),
    "POST /api/cache/warmup": (401, 403, 403, 403, 200),
    "POST /api/cache/clear": (401, 403, 403, 403, 200),
    "GET /metrics": (401, 403, 403, 403, 200),
    "GET /api/schema": (200, 200, 200, 200, 200),
    "GET /api/docs": (200, 200, 200, 200, 200),
}

PAGES = {
    **social_callers.PAGES,
    "/": (200, 200, 200, 200, 200),
    "/coocook/explore": (200, 200, 200, 200, 200),
    "/coocook/chefs/{pk}": (200, 200, 200, 200, 200),
    "/coocook/chefs/{pk}/reviews": (200, 200, 200, 200, 200),
    "/coocook/chefs/{pk}/book": (302, 200, 200, 200, 200),
    "/coocook/chefs/{pk}/repeat": (302, 302, 302, 302, 302),  # nothing is chosen
    "/coocook/series/{pk}": (302, 404, 200, 200, 404),
    "/coocook/series/{pk}/confirm": (302, 404, 302, 302, 404),
    "/coocook/series/{pk}/decline": (302, 404, 404, 200, 404),
    "/coocook/series/{pk}/cancel": (302, 404, 200, 200, 404),
    "/coocook/chefs/{pk}/terms": (302, 404, 404, 200, 404),
    "/coocook/chefs/{pk}/earnings": (302, 404, 404, 200, 404),
    "/coocook/chefs/{pk}/menus": (302, 404, 404, 200, 404),
    "/coocook/chefs/{pk}/menus/new": (302, 404, 404, 200, 404),
    "/coocook/chefs/{pk}/menus/{menu}": (302, 404, 404, 200, 404),
    "/coocook/chefs/{pk}/menus/{menu}/offer": (302, 404, 404, 302, 404),
    "/coocook/chefs/{pk}/wait": (302, 200, 200, 200, 200),
    "/coocook/waitlist": (302, 200, 200, 200, 200),
    "/coocook/waitlist/{pk}/leave": (302, 404, 302, 404, 404),
    "/coocook/bookings": (302, 200, 200, 200, 200),
    "/coocook/bookings/{pk}": (302, 404, 200, 200, 404),
    "/coocook/bookings/{pk}/cancel": (302, 404, 200, 200, 404),
    "/coocook/bookings/{pk}/reschedule": (302, 404, 200, 302, 404),  # Ben is to answer it
    "/coocook/bookings/{pk}/review": (302, 404, 302, 302, 404),  # it is not completed
    "/coocook/bookings/{pk}/review/answer": (302, 404, 404, 302, 404),  # there is none
    "/coocook/bookings/{pk}/review/quoting": (405, 405, 405, 405, 405),
    "/coocook/bookings/{pk}/pay": (302, 404, 302, 404, 404),  # nothing is to be paid
    "/coocook/bookings/{pk}/confirm": (302, 404, 302, 302, 404),
    "/coocook/bookings/{pk}/decline": (302, 404, 404, 200, 404),
    "/coocook/bookings/{pk}/complete": (302, 404, 302, 302, 404),
    "/coocook/calendar": (302, 200, 200, 200, 200),
    "/coocook/calendar/revoke": (302, 302, 200, 302, 302),  # Ana has a feed
    "/calendar/{secret}.ics": (200, 200, 200, 200, 200),  # whoever has the secret
    "/coocook/dashboard": (302, 200, 200, 200, 200),
    "/coocook/chefs/{pk}/availability": (302, 404, 404, 200, 404),
    "/coocook/bookings/{pk}/messages": (302, 404, 302, 302, 404),
    "/coocook/bookings/{pk}/no-show": (302, 404, 302, 302, 404),
    "/coocook/chefs/{pk}/calendars": (302, 404, 404, 200, 404),
    "/coocook/chefs/{pk}/calendars/connect": (302, 404, 404, 200, 404),
    "/coocook/calendars/{pk}/test": (302, 404, 404, 302, 404),
    "/coocook/calendars/{pk}/disconnect": (302, 404, 404, 200, 404),
    "/coocook/calendars/{pk}/read": (302, 404, 404, 302, 404),
    "/coocook/calendars/{pk}/remove": (302, 404, 404, 302, 404),
    "/coocook/chefs/{pk}/share/{name}": (302, 302, 302, 302, 302),  # it was called otherwise
    "/c/{named}": (302, 302, 302, 302, 302),
    "/coocook/requests": (302, 200, 200, 200, 200),
    "/coocook/fragments/next-free": (200, 200, 200, 200, 200),
    "/coocook/fragments/free-this-week": (200, 200, 200, 200, 200),
    "/account": (302, 200, 200, 200, 200),
    "/account/tokens/new": (302, 200, 200, 200, 200),
    "/account/tokens/{pk}/revoke": (302, 404, 200, 404, 404),
    "/account/webhooks": (302, 200, 200, 200, 200),
    "/account/webhooks/new": (302, 200, 200, 200, 200),
    "/account/webhooks/{pk}": (302, 404, 200, 404, 404),
    "/account/webhooks/{pk}/test": (302, 404, 302, 404, 404),
    "/account/webhooks/{pk}/secret": (302, 404, 200, 404, 404),
    "/account/webhooks/{pk}/delete": (302, 404, 200, 404, 404),
    "/account/webhook-deliveries/{pk}": (302, 404, 200, 404, 404),
    "/pricing": (200, 200, 200, 200, 200),
    "/subscriptions": (302, 200, 200, 200, 200),
    "/subscriptions/start/{plan}": (302, 200, 302, 200, 200),  # Ana has it
    "/subscriptions/{pk}": (302, 404, 200, 404, 404),
    "/subscriptions/{pk}/change/{plan}": (302, 404, 200, 404, 404),
    "/subscriptions/{pk}/coupon": (302, 404, 200, 404, 404),
    "/subscriptions/{pk}/pause": (302, 404, 302, 404, 404),
    "/subscriptions/{pk}/resume": (302, 404, 302, 404, 404),
    "/subscriptions/{pk}/cancel": (302, 404, 200, 404, 404),
    "/invoices/{pk}": (302, 404, 200, 404, 404),
    "/payments/cards": (302, 200, 200, 200, 200),
    "/payments/cards/{pk}/remove": (302, 404, 200, 404, 404),
    "/payments/cards/prepare": (405, 405, 405, 405, 405),
    "/payments/{pk}/confirm": (302, 404, 404, 404, 404),  # nothing waits at Stripe
    "/payments/sandbox/{pk}": (302, 404, 200, 404, 404),
    "/media/{name}": (200, 200, 200, 200, 200),
    "/speculation-rules": (200, 200, 200, 200, 200),
    "/fragments/account-menu": (200, 200, 200, 200, 200),
    "/accounts/signup": (200, 302, 302, 302, 302),
    "/accounts/login": (200, 302, 302, 302, 302),
    "/accounts/logout": (302, 200, 200, 200, 200),
    "/accounts/inactive": (200, 200, 200, 200, 200),
    "/accounts/reauthenticate": (302, 200, 200, 200, 200),
    "/accounts/email": (302, 200, 200, 200, 200),
    "/accounts/email/confirm": (200, 200, 200, 200, 200),
    "/accounts/email/confirm/{key}": (200, 200, 200, 200, 200),
    "/accounts/password/change": (302, 200, 200, 200, 200),
    "/accounts/password/set": (302, 302, 302, 302, 302),
    "/accounts/password/reset": (200, 200, 200, 200, 200),
    "/accounts/password/reset/sent": (200, 200, 200, 200, 200),
    "/accounts/password/reset/done": (200, 200, 200, 200, 200),
    "/accounts/password/reset/{uidb36}-{key}": (200, 200, 200, 200, 200),
    "/accounts/second-factor": (302, 200, 200, 200, 200),
    "/accounts/second-factor/authenticate": (302, 302, 302, 302, 302),
    "/accounts/second-factor/reauthenticate": (302, 302, 302, 302, 302),
    "/accounts/second-factor/app/activate": (302, 302, 302, 302, 302),
    "/accounts/second-factor/app/deactivate": (302, 404, 404, 404, 404),
    "/accounts/second-factor/codes": (302, 404, 404, 404, 404),
    "/accounts/second-factor/codes/generate": (302, 302, 302, 302, 302),
    "/accounts/second-factor/codes/download": (302, 404, 404, 404, 404),
    "/monitoring/": (302, 404, 404, 404, 200),
    "/monitoring/routes/": (302, 404, 404, 404, 200),
    "/monitoring/queries/": (302, 404, 404, 404, 200),
    "/monitoring/requests/": (302, 404, 404, 404, 200),
    "/monitoring/system/": (302, 404, 404, 404, 200),
    "/styleguide/": (302, 404, 404, 404, 200),
    "/admin": (302, 302, 302, 302, 302),
    "/ko": (302, 302, 302, 302, 302),
    "/problems/{code}": (302, 302, 302, 302, 302),
}

# What a page's form does, or answers to who presses it all the same.
FORMS = {
    **social_callers.FORMS,
    "/coocook/chefs/{pk}/book": (302, 400, 400, 400, 400),  # nothing was filled in
    "/coocook/chefs/{pk}/terms": (302, 404, 404, 400, 404),  # nothing was filled in
    "/coocook/chefs/{pk}/availability": (302, 404, 404, 400, 404),  # nothing was filled in
    "/coocook/bookings/{pk}/messages": (302, 404, 302, 302, 404),
    "/coocook/bookings/{pk}/no-show": (302, 404, 404, 409, 404),  # it is not confirmed
    "/coocook/chefs/{pk}/calendars": (302, 404, 404, 400, 404),  # nothing was filled in
    "/coocook/chefs/{pk}/calendars/connect": (302, 404, 404, 400, 404),  # nothing was filled in
    "/coocook/calendars/{pk}/test": (302, 404, 404, 302, 404),
    "/coocook/calendars/{pk}/disconnect": (302, 404, 404, 400, 404),  # nothing was chosen
    "/coocook/calendars/{pk}/read": (302, 404, 404, 302, 404),
    "/coocook/calendars/{pk}/remove": (302, 404, 404, 302, 404),
    "/coocook/calendar": (302, 302, 302, 302, 302),
    "/coocook/calendar/revoke": (302, 302, 302, 302, 302),
    "/coocook/chefs/{pk}/menus/new": (302, 404, 404, 400, 404),  # nothing was filled in
    "/coocook/chefs/{pk}/menus/{menu}": (302, 404, 404, 400, 404),  # nothing was filled in
    "/coocook/chefs/{pk}/menus/{menu}/offer": (302, 404, 404, 302, 404),
    "/coocook/chefs/{pk}/wait": (302, 400, 400, 400, 400),  # nothing was filled in
    "/coocook/waitlist/{pk}/leave": (302, 404, 302, 404, 404),
    "/coocook/bookings/{pk}/reschedule": (302, 404, 400, 302, 404),  # no time was chosen
    "/coocook/bookings/{pk}/review": (302, 404, 302, 302, 404),
    "/coocook/bookings/{pk}/review/answer": (302, 404, 404, 302, 404),
    "/coocook/bookings/{pk}/review/quoting": (302, 404, 302, 404, 404),
    "/coocook/bookings/{pk}/pay": (302, 404, 302, 404, 404),
    "/coocook/bookings/{pk}/cancel": (302, 404, 302, 302, 404),
    "/coocook/bookings/{pk}/confirm": (302, 404, 404, 302, 404),
    "/coocook/bookings/{pk}/decline": (302, 404, 404, 302, 404),
    "/coocook/bookings/{pk}/complete": (302, 404, 404, 409, 404),  # it is not confirmed
    "/account/tokens/{pk}/revoke": (302, 404, 302, 404, 404),
    "/account/webhooks/new": (302, 200, 200, 200, 200),  # nothing was filled in
    "/account/webhooks/{pk}": (302, 404, 200, 404, 404),
    "/account/webhooks/{pk}/test": (302, 404, 302, 404, 404),
    "/account/webhooks/{pk}/secret": (302, 404, 200, 404, 404),
    "/account/webhooks/{pk}/delete": (302, 404, 302, 404, 404),
    "/account/webhook-deliveries/{pk}": (302, 404, 302, 404, 404),
    "/subscriptions/start/{plan}": (302, 302, 302, 302, 302),
    "/subscriptions/{pk}/change/{plan}": (302, 404, 302, 404, 404),
    "/subscriptions/{pk}/coupon": (302, 404, 200, 404, 404),  # none was written
    "/subscriptions/{pk}/pause": (302, 404, 302, 404, 404),
    "/subscriptions/{pk}/resume": (302, 404, 409, 404, 404),  # it goes on
    "/subscriptions/{pk}/cancel": (302, 404, 302, 404, 404),
    "/payments/cards": (302, 200, 200, 200, 200),  # no card was chosen
    "/payments/cards/{pk}/remove": (302, 404, 302, 404, 404),
    "/payments/cards/prepare": (302, 404, 404, 404, 404),  # without Stripe
    "/payments/{pk}/confirm": (302, 404, 404, 404, 404),
    "/payments/sandbox/{pk}": (302, 404, 302, 404, 404),
}

# What is read once it is known to be signed: tests/payments/test_webhook.py attacks it.
SIGNED = {"POST /api/platform/webhooks/stripe"}

# What takes a form with a file instead of JSON: tests/sns/test_api_planning.py and
# tests/bookings/test_menu_pictures.py attack it.
UPLOADS = {"POST /api/sns/media", "PUT /api/coocook/menus/{pk}/picture"}

PRIVATE = [name for name, (nobody, *_others) in OPERATIONS.items() if nobody == 401]
FOR_STAFF = {name for name, (*_others, ben, dee) in OPERATIONS.items() if ben == 403 and dee < 300}


def who_reaches(operation: str) -> str:
    """Return the first caller whom the operation does not refuse for being who they are."""
    statuses = zip(CALLERS, OPERATIONS[operation], strict=True)
    return next(caller for caller, status in statuses if status not in {401, 403, 404})
