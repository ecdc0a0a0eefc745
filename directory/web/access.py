"""Who may do what. A route is public and is named here, or it has a rule; a test goes through all of them."""

PUBLIC = frozenset(
    {
        "static",
        "home.index",
        "about.index",
        "search.results",
        "search.csv_file",
        "search.geojson_file",
        "search.json_file",
        "organisations.show",
        "services.show",
        "maps.index",
        "maps.csv_file",
        "maps.geojson_file",
        "maps.png_file",
        "sites.index",
        "sites.csv_file",
        "sites.geojson_file",
        "sites.png_file",
        "sites.show",
        "sites.site_csv",
        "sites.site_geojson",
        "sites.site_png",
    }
)
