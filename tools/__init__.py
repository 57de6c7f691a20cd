"""Makers of documents: tables in docs/, its pages of results, the site, and the line on pages of an earlier model."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SIM = ROOT / "sim"
