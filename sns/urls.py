"""Routes of social posts' pages."""

from django.urls import path

from sns import views

app_name = "sns"

urlpatterns = [
    path("", views.show_overview, name="overview"),
    path("posts/new", views.create_post, name="post_create"),
    path("posts/preview", views.show_preview, name="post_preview"),
    path("posts/<int:pk>", views.show_post, name="post"),
    path("posts/<int:pk>/edit", views.change_post, name="post_edit"),
    path("posts/<int:pk>/decide", views.decide, name="post_decide"),
    path("posts/<int:pk>/comment", views.comment, name="post_comment"),
    path("posts/<int:pk>/move", views.move, name="post_move"),
    path("publications/<int:pk>/retry", views.decide_publication, name="publication_decide"),
    path("media", views.add_pictures, name="media_add"),
    path("media/<int:pk>", views.show_media, name="media"),
    path("calendar", views.show_calendar, name="calendar"),
    path("accounts", views.list_accounts, name="accounts"),
    path("accounts/connect/<slug:network>", views.connect, name="account_connect"),
    path("accounts/callback", views.finish_connecting, name="account_callback"),
    path("accounts/<int:pk>", views.show_account, name="account"),
    path("accounts/<int:pk>/disconnect", views.confirm_disconnecting, name="account_disconnect"),
    path("campaigns", views.list_campaigns, name="campaigns"),
    path("campaigns/<int:pk>", views.show_campaign, name="campaign"),
    path("templates", views.list_templates, name="templates"),
    path("templates/<int:pk>", views.show_template, name="template"),
    path("team", views.show_team, name="team"),
    path("team/<int:pk>/end", views.end_seat, name="seat_end"),
    path("workspace", views.choose_workspace, name="workspace"),
    path("import", views.import_page, name="import"),
]
