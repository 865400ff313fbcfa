"""One function per fact: SQL that counts."""
