#!/bin/sh
# The handler is the image's command.
export _HANDLER="$1"
exec /var/runtime/bootstrap
