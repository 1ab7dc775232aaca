"""The real settings with a few pages of our own, so that running a house can be tried without any content."""

import os

from serai.config.settings import *  # noqa: F403
from serai.config.settings import MIDDLEWARE as HOUSE_MIDDLEWARE

ROOT_URLCONF = "tests.running.pages"
SERAI_DESK_URLCONF = "tests.running.desk"
MIDDLEWARE = [name for name in HOUSE_MIDDLEWARE if not name.endswith("PermissionRows")]
SERAI_PUBLISH = os.environ.get("SERAI_TEST_PUBLISH", "1") == "1"
SERAI_TOUCH_DAYS = 7
