"""What the demo is made of: names, streets, prices, and what people say about windows. Nobody here exists."""

# Given names and surnames that go together; a household takes both from one line.
FAMILIES = (
    (
        ("James", "Mary", "Robert", "Patricia", "Linda", "Michael", "Barbara", "David", "Susan", "William", "Jessica",
         "Karen", "Nancy", "Lisa", "Daniel", "Betty", "Matthew", "Sandra", "Ashley", "Steven", "Kimberly", "Donna",
         "Joshua", "Carol", "Kevin", "Amanda", "Brian", "Melissa", "Deborah", "Timothy", "Rebecca", "Laura", "Ryan",
         "Cynthia", "Jacob", "Kathleen", "Eric", "Shirley", "Jonathan", "Brenda", "Walter", "Peggy", "Wade", "Lorraine"),
        ("Abernathy", "Baird", "Caldwell", "Dunaway", "Eastman", "Farris", "Garner", "Hargrove", "Ingram", "Jarrell",
         "Kline", "Landrum", "McAllister", "Nettles", "Osborne", "Pruitt", "Quarles", "Rutledge", "Stallings",
         "Tidwell", "Underwood", "Vickers", "Wheeler", "Yarbrough", "Bishop", "Clark", "Dawson", "Ellison", "Foster",
         "Holloway", "Lawson", "Mercer", "Norris", "Parker", "Reeves", "Sutton", "Turner", "Walker", "Hughes", "Sloan"),
    ),
    (
        ("Darnell", "Keisha", "Marcus", "Tamika", "Andre", "Latoya", "Reginald", "Yolanda", "Terrence", "Monique"),
        ("Booker", "Carter", "Gaines", "Hairston", "Jefferson", "Mayes", "Pettway", "Rivers", "Toney", "Winston"),
    ),
    (
        ("Carlos", "Ana", "Luis", "Marisol", "Javier", "Lucia", "Miguel", "Carmen", "Rafael", "Daniela"),
        ("Alvarado", "Castillo", "Delgado", "Fuentes", "Guerrero", "Herrera", "Maldonado", "Ortega", "Ramos", "Villareal"),
    ),
    (
        ("Anil", "Meera", "Rajesh", "Sunita", "Vikram", "Kavita", "Arjun", "Deepa", "Sanjay", "Lakshmi"),
        ("Bhatt", "Desai", "Iyer", "Kulkarni", "Mehta", "Nair", "Patel", "Rao", "Subramanian", "Venkatesh"),
    ),
    (
        ("Wei", "Linh", "Jun", "Mai", "Minh", "Hana", "Daniel", "Grace", "Kenji", "Thuy"),
        ("Chen", "Choi", "Huang", "Kim", "Le", "Nguyen", "Park", "Pham", "Tanaka", "Zhao"),
    ),
    (
        ("Amina", "Samir", "Chidi", "Ngozi", "Yusuf", "Leila", "Omar", "Adaeze", "Greta", "Stefan", "Ivana", "Piotr"),
        ("Adeyemi", "Haddad", "Khalil", "Nwosu", "Okeke", "Rahimi", "Kowalski", "Novak", "Lindqvist", "Brandt"),
    ),
)  # fmt: skip
FAMILY_WEIGHTS = (58, 14, 9, 8, 7, 4)

# Organisations: name, the word for the place, how often (days), price of a visit in cents or None for panes.
SHOPS = (
    ("Maple & Main Bakery", "Shop", 14, 4500), ("Kettle & Crumb Cafe", "Cafe", 7, 3500),
    ("Slate Creek Dental", "Office", 28, 9500), ("Bluebird Nail Studio", "Shop", 14, 3500),
    ("Harper & Sons Barbers", "Shop", 14, 3000), ("Second Street Hardware", "Shop", 28, 6000),
    ("Pinecrest Veterinary Clinic", "Clinic", 14, 7500), ("Copper Fox Coffee", "Cafe", 7, 3500),
    ("Tumbleweed Toys", "Shop", 21, 4000), ("Saffron Table", "Restaurant", 14, 6500),
    ("Old Depot Diner", "Restaurant", 14, 5500), ("Marigold Florist", "Shop", 14, 4000),
    ("Stitch & Hem Alterations", "Shop", 28, 3000), ("Northgate Optometry", "Office", 28, 6500),
    ("Ridgeline Outfitters", "Shop", 21, 7000), ("La Paloma Panaderia", "Shop", 14, 4000),
    ("Golden Lotus Kitchen", "Restaurant", 14, 5500), ("Quarter Note Music", "Shop", 21, 4500),
    ("Tidewell Physical Therapy", "Clinic", 28, 6000), ("Juniper Yoga Loft", "Studio", 21, 5000),
    ("Blue Plate Barbecue", "Restaurant", 14, 5000), ("Wren & Rye Books", "Shop", 14, 4500),
    ("Lantern Street Realty", "Office", 28, 5500), ("Sunny Side Preschool", "School", 28, 8000),
    ("Two Rivers Credit Union", "Branch", 14, 9000), ("Foxglove Boutique", "Shop", 14, 3500),
    ("Ironwood Gym", "Gym", 14, 9500), ("Cedar Lane Pharmacy", "Shop", 14, 5000),
    ("Paper Lantern Gifts", "Shop", 21, 3500), ("Mockingbird Tea Room", "Cafe", 14, 4000),
    ("Bright Thread Quilts", "Shop", 28, 3500), ("Third Base Sports Grill", "Restaurant", 14, 8500),
    ("Hearth & Vine", "Restaurant", 14, 7000), ("Sparrow Family Practice", "Clinic", 28, 7000),
    ("Gear & Chain Cycles", "Shop", 21, 5500), ("Olive Branch Deli", "Shop", 14, 4000),
)  # fmt: skip
INSTITUTIONS = (
    ("Longleaf Apartments", "Clubhouse", 91), ("Grace Harbor Church", "Sanctuary", 122),
    ("Millstone Commons HOA", "Clubhouse", 182), ("Walnut Ridge Assisted Living", "Main house", 91),
    ("St. Brendan Parish Hall", "Hall", 182), ("Fairhaven Montessori", "School", 122),
    ("Brightwater Swim Club", "Clubhouse", 182), ("Kestrel Engineering", "Office", 91),
    ("Hollis & Webb Attorneys", "Office", 91), ("Orchard Park Townhomes", "Office", 122),
    ("Cypress Bend Event Barn", "Barn", 122), ("Tallgrass Business Suites", "Building 2", 91),
)  # fmt: skip

PLACES = (  # city, postcode, streets
    ("Madison", "35758", ("Oak Ridge Dr", "Mill Rd", "Sullivan St", "Balch Rd", "Royal Dr", "Brookhollow Ln", "Gooch Ln", "Kyser Blvd")),
    ("Madison", "35757", ("Capshaw Rd", "Wall Triana Hwy", "Nance Rd", "Burgreen Rd", "Jeff Rd", "Cedar Gap Ct", "Heritage Oaks Dr")),
    ("Madison", "35756", ("County Line Rd", "Segers Rd", "Huntsville Brownsferry Rd", "Moss Bluff Way", "Barnstable Ln")),
    ("Huntsville", "35801", ("Randolph Ave", "Locust Ave", "Adams St", "Echols Ave", "Governors Dr", "Monte Sano Blvd", "Lowell Dr")),
    ("Huntsville", "35802", ("Whitesburg Dr", "Garth Rd", "Chandler Rd", "Criner Rd", "Weatherly Rd", "Willowbrook Dr", "Tannahill Dr")),
    ("Huntsville", "35803", ("Hobbs Rd", "Bailey Cove Rd", "Chaney Thompson Rd", "Camelot Dr", "Green Mountain Rd")),
    ("Huntsville", "35806", ("Jeff Rd", "Indian Creek Rd", "Old Monrovia Rd", "Providence Main St", "Plummer Rd", "Capstone Cir")),
    ("Huntsville", "35824", ("Zierdt Rd", "Martin Rd", "Swancott Rd", "Edgewater Dr", "Heron Pointe Cir")),
    ("Huntsville", "35811", ("Winchester Rd", "Moores Mill Rd", "Shields Rd", "Homer Nance Rd")),
    ("Harvest", "35749", ("Old Railroad Bed Rd", "Ford Chapel Rd", "Dupree Worthey Rd", "Kelly Spring Rd")),
    ("Owens Cross Roads", "35763", ("Sutton Rd", "Old Highway 431", "Hampton Cove Way", "Deford Mill Rd")),
)  # fmt: skip
PLACE_WEIGHTS = (20, 12, 7, 12, 12, 8, 9, 7, 4, 5, 4)
SHOP_PLACES = (
    ("Madison", "35758", ("Main St", "Madison Blvd", "Hughes Rd", "Church St")),
    ("Huntsville", "35801", ("Clinton Ave", "Washington St", "Jefferson St", "Holmes Ave", "Meridian St")),
    ("Huntsville", "35802", ("Whitesburg Dr", "Airport Rd", "Bailey Cove Rd")),
    ("Huntsville", "35806", ("University Dr", "Research Park Blvd", "Providence Main St")),
)  # fmt: skip
SECOND_PLACES = ("Rental", "Rental, upstairs", "Mother's house", "Shop", "Rental, left side")

SERVICES = (  # key, kind, name, pricing, cents, unit, minutes, tax
    ("exterior", "service", "Exterior windows", "per_unit", 450, "pane", 75, None),
    ("inside_out", "service", "Inside & out", "per_unit", 900, "pane", 120, None),
    ("screens", "service", "Screens", "per_unit", 300, "screen", 30, None),
    ("gutters", "service", "Gutter cleaning", "flexible", 14000, None, 75, None),
    ("driveway", "service", "Pressure wash driveway", "flexible", 18000, None, 75, None),
    ("skylights", "service", "Skylights", "per_unit", 1500, "skylight", 20, None),
    ("storefront", "service", "Storefront weekly", "fixed", 3500, None, 30, None),
    ("hard_water", "service", "Hard-water stain removal", "flexible", 8500, None, 45, None),
    ("kit", "product", "Squeegee kit", "fixed", 3200, None, 0, 900),
)  # fmt: skip
PRICE_BEFORE = {"exterior": 400, "inside_out": 850}  # until the spring letter went out

ACCESS_NOTES = (
    "Side gate sticks: lift and push.", "Park on the street, the driveway is shared.", "Key under the blue flowerpot.",
    "Ring first, baby naps after lunch.", "Spigot is behind the hydrangeas on the left.", "Gate code 4471, then the cross.",
    "Use the back stairs, the front bell is broken.", "Dog in the yard until 9, call from the truck.",
    "Steep drive: leave the truck at the bottom.", "Alarm on the sunroom door, do not open it.",
    "Water is off at the street, the valve is by the mailbox.", "Take shoes off inside, covers are in the porch bench.",
    "Neighbour's fence is electric.", "Long ladder only reaches from the flower bed: use the boards.",
    "Garage keypad 2580, ladder may stay inside.",
    "Elderly lady, knock loudly.",
    "Gravel lane, third house after the pond.", "Wasps under the south eaves every summer.",
)  # fmt: skip
OFFICE_ACCESS_NOTES = (
    "Enter from the alley, loading bay 2.", "Ask at the desk for the roof key.", "Leave by 10:30, guests arrive.",
    "Awning must be cranked in first, the handle is behind the bar.", "Alarm off from 6:30.", "Park behind the building, not in front.",
)  # fmt: skip
CONTACT_NOTES = (
    "Found us through a neighbour.", "Likes a text the day before.", "Pays on the spot, wants a paper receipt.",
    "Moving in the spring, ask for the new owners' number.", "Works nights: nothing before 11.", "Retired, always home.",
    "Wants the same technician every time.", "Asked about solar panels, we do not do them.", "Snowbirds: away January to March.",
    "Realtor, may send more work.", "Compare with last invoice before quoting.", "Send the invoice to the daughter.",
)  # fmt: skip
INSTRUCTIONS = (
    "Start with the back, there is a party on the patio later.", "Bring the long ladder.", "Customer is away, photo when done.",
    "First time here: count the panes.", "Skip the sunroom, it is being painted.", "Mind the new planters below the bay window.",
    "Ask about the gutters while there.", "Has a coupon for $10 off, it is on the invoice already.",
)  # fmt: skip

HOME_NOTES = (
    "All good. Front upstairs off the long pole, the rest from the ground.", "Tracks were full of pollen, wiped them out.",
    "Two panes on the north side have failed seals, told them it is not dirt.", "Sunroom took longer than booked, twelve small panes.",
    "Nobody home, left the invoice in the door.", "Paint specks on the kitchen window, scraped with their OK.",
    "Cobwebs everywhere, did the frames as well.", "Sprinklers had spotted the south side again.", "Quick one, windows were still fine from last time.",
    "Screens back in the right order, two have small tears.", "Ladder against the chimney side only, the other side is soft ground.",
    "Wind picked up, did the top floor first.", "Gave them the quote for the driveway.", "Retired couple, chatty. Good coffee.",
    "Kids had drawn on the patio doors with wax, came off with the white pad.", "Upstairs bathroom window does not open, done from outside only.",
    "Storm door glass is loose, told the owner.", "Bird prints on the big window, they want decals.", "Started late, the road was closed.",
    "Rinsed the sills as well, red clay from the new building site.", "Basement windows are new since last time, four more panes.",
    "Gutter over the porch is hanging, sent the office a note.", "Left skylight has a crack in the corner, was there before.",
    "Had to move the patio furniture, moved it back.", "Checked the hard-water spots by the pool, needs the acid treatment next time.",
    "As usual.", "As usual, all done.", "Back door glass is etched, will not come cleaner than this.",
)  # fmt: skip
SHOP_NOTES = (
    "Done before opening.", "Inside of the door too, lots of hand prints.", "Took the old posters' tape off, no charge.", "As usual.",
    "New lettering on the left pane, stay off it with the scraper.", "Delivery van in front, did that pane last.",
    "They want the awning glass next time.", "Manager signed, asked for the invoice by mail.", "Rain at the end, still clean.",
    "Gum on the sill, scraped.", "Transom skipped, ladder would block the door.", "Closed for stocktaking, outside only.",
    "New manager: Renee, mornings only.", "All panes in and out.",
)  # fmt: skip
CANCEL_REASONS = (
    "Customer is ill", "Rained out", "Customer forgot, nobody home", "Painters still in the house", "Truck broke down",
    "Freeze warning", "Customer is travelling", "Asked to wait until the pollen is over", "House is being sold", "Storm",
    "Shop closed for the holiday", "Wants to skip this month",
)  # fmt: skip

HOME_FACTS = ("pet", "screens", "ladder", "prefers", "panes")  # that only a household has
# Facts: key, value, and how a technician writes it; the words in [brackets] are what the fact was confirmed from.
SPOKEN = (
    ("pet", "spaniel, Pip", "[Spaniel Pip], shut the side gate."),
    ("pet", "cat, stays inside", "[Cat must stay inside], watch the patio door."),
    ("pet", "two labradors", "[Two labradors], friendly, they like the water."),
    ("pet", "parrot in the sunroom", "[Parrot in the sunroom] bites."),
    ("pet", "chickens", "[Chickens run loose] in the back."),
    ("gate code", "4471", "[Gate code is 4471 now]."),
    ("gate code", "1985#", "Back gate opens with [1985#]."),
    ("gate code", "0412", "They changed the [gate code to 0412]."),
    ("screens", "24", "[24 screens], numbered them on the frame."),
    ("screens", "none upstairs", "[No screens upstairs] any more."),
    ("screens", "11, two torn", "[11 screens, two torn]."),
    ("ladder", "28 ft for the stairwell", "[Long ladder for the stairwell], the 28."),
    ("ladder", "not on the deck", "[Deck is too soft for the ladder]."),
    ("ladder", "roof hook at the back", "There is [a roof hook at the back]."),
    ("parking", "street only", "[Park on the street], the HOA complains."),
    ("parking", "behind the garage", "[Parked behind the garage], plenty of room."),
    ("prefers", "mornings", "She [prefers mornings]."),
    ("prefers", "Elena", "Asked for [Elena next time]."),
    ("prefers", "no soap on the plants", "[No soap on the roses], plain water there."),
    ("prefers", "shoe covers inside", "Wants [shoe covers inside]."),
    ("alarm", "front door, 45 seconds", "[Alarm on the front door], 45 seconds."),
    ("water", "spigot by the garage", "[Spigot is by the garage]."),
)  # fmt: skip
TYPED = (
    ("pet", "old beagle, deaf"), ("pet", "cat, Miso"), ("pet", "none"), ("gate code", "7788"), ("gate code", "2024, then key"),
    ("screens", "18"), ("screens", "9"), ("ladder", "needs the 32 ft"), ("ladder", "ground floor only"), ("parking", "driveway, left half"),
    ("parking", "garage deck, level 2"), ("prefers", "Fridays"), ("prefers", "afternoons"), ("prefers", "text, not call"),
    ("prefers", "same technician"), ("alarm", "off before 9"), ("water", "shut off in winter"), ("panes", "32"), ("panes", "46"),
    ("key", "at the neighbour's, no. 14"), ("key", "lockbox 3310"), ("pays", "by check, at the door"), ("pays", "quarterly"),
    ("solar panels", "yes"), ("solar panels", "no"), ("tags", "VIP"), ("tags", "cash only, reviews"), ("tags", "reviews"),
    ("lockbox changed", "2026-03-02"),
)  # fmt: skip

KEYS = {  # what the values of a fact's name are, and its heading
    "pet": ("text", "people"), "prefers": ("text", "people"), "pays": ("text", "people"), "gate code": ("text", "access"),
    "key": ("text", "access"), "alarm": ("text", "access"), "parking": ("text", "access"), "lockbox changed": ("date", "access"),
    "panes": ("number", "property"), "screens": ("text", "property"), "ladder": ("text", "property"), "water": ("text", "property"),
    "solar panels": ("yes_no", "property"), "tags": ("list", "other"),
}  # fmt: skip

LISTS = (  # narrowed lists of the contacts, kept under a name
    ("Due in Madison", "place=35758&quiet=6"),
    ("Gate codes", "fact=gate+code"),
    ("Overdue", "owes=overdue"),
)

REFERRALS = ("Harold Finch", "a neighbour", "the van", "Google", "Nextdoor", "Mrs. Alvarez at church")

NOTES = (  # what the office writes down between visits
    "Called to ask about gutters in the spring. Said we would ring in March.",
    "Wants the invoice by post from now on.",
    "Two panes at the back have failed seals, told her: not ours.",
    "Daughter Ruth has a key if nobody is in: 256 555 0188.",
    "Paid in cash to Marcus, receipt left in the door.",
    "Asked for a price for the conservatory roof.",
    "New puppy since summer, ring before opening the gate.",
)

TASKS = (  # an open one, one that is done, and one about the visit that a customer wants moved
    ("Call about the spring walk-through of all six buildings", "They want one price for the year. The manager is in on Tuesdays."),
    ("Order two boxes of white pads and a 28 ft rope", None),
    ("Find another day", "The customer answered the confirmation: afternoons only that week."),
)  # fmt: skip
