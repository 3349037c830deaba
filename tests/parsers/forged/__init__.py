"""Forged reports: any form, in any layout, in any markup, with the truth beside the page."""
