"""A made-up extract of the register of charities, in the shape of the Commission's."""

import json
import zipfile

TABLES = {
    "charity": "charity",
    "areas": "charity_area_of_operation",
    "classes": "charity_classification",
    "names": "charity_other_names",
    "policies": "charity_policy",
}


def charity(number, name, **changes):
    """One row of the main table. The address is somebody's home."""
    return {
        "date_of_extract": "2026-11-27T00:00:00",
        "organisation_number": int(number) + 5_000_000,
        "registered_charity_number": number,
        "linked_charity_number": 0,
        "charity_name": name,
        "charity_registration_status": "Registered",
        "date_of_removal": None,
        "charity_contact_address1": "77 Secret Home Lane",
        "charity_contact_postcode": "B19 2TH",
        "charity_contact_phone": "0121 496 0999",
        "charity_contact_email": "trustee@home.example",
        "charity_contact_web": "www.charity.example",
        "charity_company_registration_number": None,
        "charity_activities": "Boxing for young people.",
        **changes,
    }


def about(number, key, text, **changes):
    """A row of one of the other tables."""
    row = {
        "organisation_number": int(number) + 5_000_000,
        "registered_charity_number": number,
        "linked_charity_number": 0,
        key: text,
        **changes,
    }
    if key == "geographic_area_description":
        row |= {"geographic_area_type": "Region" if text.startswith("Throughout") else "Local Authority"}
    return row


def area(number, text, **changes):
    return about(number, "geographic_area_description", text, **changes)


def write_extract(folder, **tables):
    """Write the tables as the Commission does: each as JSON with a byte order mark, in a zip of its own."""
    folder.mkdir(exist_ok=True)
    for key, name in TABLES.items():
        if key in tables:
            with zipfile.ZipFile(folder / f"publicextract.{name}.zip", "w", zipfile.ZIP_DEFLATED) as packed:
                text = "\ufeff" + json.dumps(tables[key])
                packed.writestr(f"publicextract.{name}.json", text)
    return folder
