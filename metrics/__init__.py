"""Indicators as pure functions of counts: definitions, periods, working time, results."""
