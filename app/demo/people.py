"""Who works at the demo organisation: names from many places, five departments, ten time zones."""

from typing import NamedTuple

DOMAIN = "demo.example"
"""Of every demo person's address; `.example` belongs to nobody (RFC 2606)."""


class DemoPerson(NamedTuple):
    """One colleague; `local_part` is what stands before the @ of the address."""

    name: str
    local_part: str
    job_title: str
    department: str
    time_zone: str
    locale: str = "en"

    @property
    def email(self) -> str:
        """Return the address."""
        return f"{self.local_part}@{DOMAIN}"


S, C, M, P, O = "Sales", "Customer Success", "Marketing", "Product", "Operations"  # noqa: E741
RIYADH, DUBAI, CAIRO, LONDON, BERLIN = "Asia/Riyadh", "Asia/Dubai", "Africa/Cairo", "Europe/London", "Europe/Berlin"
NEW_YORK, KOLKATA, SINGAPORE = "America/New_York", "Asia/Kolkata", "Asia/Singapore"
SAO_PAULO, LAGOS = "America/Sao_Paulo", "Africa/Lagos"

PEOPLE = (
    DemoPerson("نورة القحطاني", "noura.alqahtani", "Regional Sales Director", S, RIYADH, "ar"),
    DemoPerson("Liam O'Connor", "liam.oconnor", "Account Executive", S, LONDON),
    DemoPerson("Priya Raman", "priya.raman", "Account Executive", S, KOLKATA),
    DemoPerson("فهد العتيبي", "fahad.alotaibi", "Key Account Manager", S, RIYADH, "ar"),
    DemoPerson("Camila Rocha", "camila.rocha", "Account Executive", S, SAO_PAULO),
    DemoPerson("Jonas Weber", "jonas.weber", "Sales Engineer", S, BERLIN),
    DemoPerson("Grace Adeyemi", "grace.adeyemi", "Sales Development", S, LAGOS),
    DemoPerson("Michael Chen", "michael.chen", "Account Executive", S, NEW_YORK),
    DemoPerson("ليلى حداد", "layla.haddad", "Partner Manager", S, DUBAI, "ar"),
    DemoPerson("Sofia Marino", "sofia.marino", "Sales Development", S, BERLIN),
    DemoPerson("Omar Farouk", "omar.farouk", "Account Executive", S, CAIRO),
    DemoPerson("Emily Carter", "emily.carter", "Sales Operations", S, NEW_YORK),
    DemoPerson("Tan Wei Ling", "weiling.tan", "Account Executive", S, SINGAPORE),
    DemoPerson("سارة المطيري", "sara.almutairi", "Customer Success Lead", C, RIYADH, "ar"),
    DemoPerson("Hannah Fischer", "hannah.fischer", "Customer Success Manager", C, BERLIN),
    DemoPerson("Arjun Mehta", "arjun.mehta", "Support Engineer", C, KOLKATA),
    DemoPerson("Zanele Dube", "zanele.dube", "Onboarding Specialist", C, LONDON),
    DemoPerson("Mateus Almeida", "mateus.almeida", "Support Engineer", C, SAO_PAULO),
    DemoPerson("خالد الشمري", "khalid.alshammari", "Customer Success Manager", C, RIYADH, "ar"),
    DemoPerson("Olivia Brooks", "olivia.brooks", "Customer Success Manager", C, NEW_YORK),
    DemoPerson("Nurul Aisyah", "nurul.aisyah", "Support Engineer", C, SINGAPORE),
    DemoPerson("Mariam Saleh", "mariam.saleh", "Renewals Manager", C, CAIRO),
    DemoPerson("Chidi Okafor", "chidi.okafor", "Support Lead", C, LAGOS),
    DemoPerson("Anna Kowalska", "anna.kowalska", "Marketing Director", M, BERLIN),
    DemoPerson("ريم الزهراني", "reem.alzahrani", "Content Lead", M, RIYADH, "ar"),
    DemoPerson("Daniel Osei", "daniel.osei", "Field Marketing", M, LONDON),
    DemoPerson("Yuki Tanaka", "yuki.tanaka", "Designer", M, SINGAPORE),
    DemoPerson("Beatriz Nunes", "beatriz.nunes", "Community Manager", M, SAO_PAULO),
    DemoPerson("Ananya Iyer", "ananya.iyer", "Growth Manager", M, KOLKATA),
    DemoPerson("Ethan Park", "ethan.park", "Events Manager", M, NEW_YORK),
    DemoPerson("هند الفارسي", "hind.alfarsi", "Brand Manager", M, DUBAI, "ar"),
    DemoPerson("Lukas Novak", "lukas.novak", "Head of Product", P, BERLIN),
    DemoPerson("Fatima Zahra Idrissi", "fatima.idrissi", "Product Manager", P, LONDON),
    DemoPerson("Rohan Kulkarni", "rohan.kulkarni", "Engineer", P, KOLKATA),
    DemoPerson("يوسف المنصوري", "yousef.almansoori", "Engineer", P, DUBAI, "ar"),
    DemoPerson("Ingrid Larsen", "ingrid.larsen", "Engineer", P, BERLIN),
    DemoPerson("Carlos Mendoza", "carlos.mendoza", "Data Analyst", P, NEW_YORK),
    DemoPerson("Lim Jia Hui", "jiahui.lim", "Engineer", P, SINGAPORE),
    DemoPerson("Amina Bello", "amina.bello", "Researcher", P, LAGOS),
    DemoPerson("Thomas Schneider", "thomas.schneider", "Engineer", P, BERLIN),
    DemoPerson("عبدالله الدوسري", "abdullah.aldosari", "Chief Operating Officer", O, RIYADH, "ar"),
    DemoPerson("Charlotte Hughes", "charlotte.hughes", "Finance Manager", O, LONDON),
    DemoPerson("Youssef Nabil", "youssef.nabil", "IT Administrator", O, CAIRO),
    DemoPerson("Isabel Santos", "isabel.santos", "Office Manager", O, SAO_PAULO),
    DemoPerson("Deepa Nair", "deepa.nair", "Recruiter", O, KOLKATA),
    DemoPerson("Samuel Eze", "samuel.eze", "Procurement", O, LAGOS),
    DemoPerson("منى الحربي", "mona.alharbi", "Legal Counsel", O, RIYADH, "ar"),
    DemoPerson("Rachel Goldberg", "rachel.goldberg", "People Operations", O, NEW_YORK),
    DemoPerson("Kofi Mensah", "kofi.mensah", "Logistics", O, LONDON),
)
"""Forty-nine; with the owner who is there already that makes fifty."""

OWNER_JOB_TITLE, OWNER_DEPARTMENT = "Founder", S
