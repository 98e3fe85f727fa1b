"""Addresses of the reporting room; the parts of an item's address are period, kind and code."""

from django.urls import URLPattern

app_name = "reporting"

urlpatterns: list[URLPattern] = []
