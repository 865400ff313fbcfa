"""Tests of the measurements themselves: that they add up, and that one lost part loses no other."""
