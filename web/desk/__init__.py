"""The front desk, `/desk`: passages while somebody is standing there."""
