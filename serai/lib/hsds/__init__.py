"""Open Referral's Human Services Data Specification 3.0: directories of services exchanged as tables or nested JSON."""
