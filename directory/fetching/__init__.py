"""Download the open files that publishers offer: resumed, checked, recorded."""
