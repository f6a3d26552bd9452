"""Addresses (INTERFACE.md)."""

from django.urls import path

urlpatterns: list = []
