"""Builtins under the names by which six hands them over."""
import functools

range, zip, map, filter, input = range, zip, map, filter, input
xrange, reduce = range, functools.reduce
