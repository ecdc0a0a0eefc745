"""Commands: flask directory …"""
