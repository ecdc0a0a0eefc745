"""The pages, as a package: so that they are found in a checkout and in a wheel alike."""
