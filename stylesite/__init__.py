"""The Django project: settings from the environment, addresses, the embedded services, health."""
