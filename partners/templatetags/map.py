"""The map of the learning cities in templates: ``{% city_points cities current as points %}``. Asks the database for nothing."""

from django import template

from partners import map as city_map

register = template.Library()

register.simple_tag(city_map.points, name="city_points")
