"""The API of social posts: accounts, posts, and what became of them."""

from rest_framework.routers import SimpleRouter

from sns.api.accounts import AccountViewSet
from sns.api.planning import CampaignViewSet, MediaViewSet, SeatViewSet, TemplateViewSet
from sns.api.posts import PostViewSet

router = SimpleRouter(trailing_slash=False)
router.register("accounts", AccountViewSet, basename="social-account")
router.register("posts", PostViewSet, basename="post")
router.register("campaigns", CampaignViewSet, basename="campaign")
router.register("templates", TemplateViewSet, basename="template")
router.register("media", MediaViewSet, basename="media")
router.register("seats", SeatViewSet, basename="seat")

urlpatterns = router.urls
