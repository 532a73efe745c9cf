"""Everything that comes in, through one door: heard, screened, shed and handed on."""
