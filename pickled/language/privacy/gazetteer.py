"""Names of countries, towns, quarters and sights that tell where a stream is, for discreet mode.

Common knowledge, put together by hand: all countries, their capitals, large towns, the ones that
are streamed from most, with their quarters, stations and sights. Names that are everyday words
(Nice, Reading, Split) are left out: a preposition before a capital finds them.
"""

from __future__ import annotations

COUNTRIES = """
Afghanistan, Albania, Algeria, Andorra, Angola, Antigua, Argentina, Armenia, Australia, Austria,
Azerbaijan, Bahamas, Bahrain, Bangladesh, Barbados, Belarus, Belgium, Belize, Benin, Bhutan,
Bolivia, Bosnia, Herzegovina, Botswana, Brazil, Brasil, Brunei, Bulgaria, Burkina Faso, Burundi,
Cambodia, Cameroon, Canada, Cape Verde, Chile, China, Colombia, Comoros, Congo, Costa Rica, Ivory
Coast, Croatia, Cuba, Cyprus, Czechia, Czech Republic, Denmark, Djibouti, Dominica, Dominican
Republic, Ecuador, Egypt, El Salvador, Eritrea, Estonia, Eswatini, Ethiopia, Fiji, Finland, France,
Gabon, Gambia, Germany, Deutschland, Ghana, Greece, Grenada, Guatemala, Guyana, Haiti, Honduras,
Hungary, Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Italia, Jamaica, Japan,
Kazakhstan, Kenya, Kiribati, Kuwait, Kyrgyzstan, Laos, Latvia, Lebanon, Lesotho, Liberia, Libya,
Liechtenstein, Lithuania, Luxembourg, Madagascar, Malawi, Malaysia, Maldives, Mali, Malta,
Mauritania, Mauritius, Mexico, Micronesia, Moldova, Monaco, Mongolia, Montenegro, Morocco,
Mozambique, Myanmar, Burma, Namibia, Nauru, Nepal, Netherlands, Nederland, Holland, New Zealand,
Nicaragua, Nigeria, North Korea, South Korea, Korea, Macedonia, Norway, Oman, Pakistan, Palau,
Palestine, Panama, Papua New Guinea, Paraguay, Peru, Philippines, Poland, Polska, Portugal, Qatar,
Romania, Russia, Rwanda, Saint Lucia, Samoa, San Marino, Saudi Arabia, Senegal, Serbia, Seychelles,
Sierra Leone, Singapore, Slovakia, Slovenia, Somalia, South Africa, Spain, Espana, Sri Lanka,
Sudan, Suriname, Sweden, Switzerland, Schweiz, Syria, Taiwan, Tajikistan, Tanzania, Thailand,
Timor, Tonga, Trinidad, Tobago, Tunisia, Turkiye, Turkmenistan, Tuvalu, Uganda, Ukraine, Emirates,
United Kingdom, Great Britain, Britain, England, Scotland, Wales, United States, Uruguay,
Uzbekistan, Vanuatu, Vatican, Venezuela, Vietnam, Yemen, Zambia, Zimbabwe, Puerto Rico, Greenland,
Kosovo, Catalonia, Bavaria, Tuscany, Sicily, Sardinia, Corsica, Bali, Okinawa, Hokkaido, Kyushu,
Shikoku, Honshu, Tasmania, Queensland, New South Wales, Mallorca, Majorca, Ibiza, Tenerife, Gran
Canaria, Crete, Santorini, Mykonos, Rhodes Island, Andalusia, Brittany, Normandy, Provence, Alsace,
Saxony, Cornwall, Yorkshire, Flanders, Siberia, Crimea, Europe, Asia, Africa, South America, North
America, Scandinavia, Balkans, Caribbean, Middle East
"""

TOWNS = """
Kabul, Tirana, Algiers, Luanda, Buenos Aires, Yerevan, Canberra, Vienna, Wien, Baku, Nassau,
Manama, Dhaka, Minsk, Brussels, Bruxelles, Thimphu, La Paz, Sarajevo, Gaborone, Brasilia, Sofia
Bulgaria, Ouagadougou, Phnom Penh, Yaounde, Ottawa, Santiago, Beijing, Peking, Bogota, Kinshasa,
San Jose, Zagreb, Havana, Nicosia, Prague, Praha, Copenhagen, Kobenhavn, Santo Domingo, Quito,
Cairo, San Salvador, Tallinn, Addis Ababa, Suva, Helsinki, Paris, Tbilisi, Berlin, Accra, Athens,
Athina, Guatemala City, Port au Prince, Tegucigalpa, Budapest, Reykjavik, New Delhi, Delhi,
Jakarta, Tehran, Baghdad, Dublin, Jerusalem, Tel Aviv, Rome, Roma, Kingston, Tokyo, Amman, Astana,
Nairobi, Bishkek, Vientiane, Riga, Beirut, Tripoli, Vaduz, Vilnius, Antananarivo, Kuala Lumpur,
Valletta, Mexico City, Chisinau, Ulaanbaatar, Podgorica, Rabat, Maputo, Windhoek, Kathmandu,
Amsterdam, Wellington, Managua, Abuja, Skopje, Oslo, Muscat, Islamabad, Panama City, Asuncion,
Lima, Manila, Warsaw, Warszawa, Lisbon, Lisboa, Doha, Bucharest, Bucuresti, Moscow, Moskau, Kigali,
Riyadh, Dakar, Belgrade, Beograd, Bratislava, Ljubljana, Mogadishu, Pretoria, Seoul, Madrid,
Colombo, Khartoum, Stockholm, Bern, Damascus, Taipei, Dushanbe, Dodoma, Bangkok, Tunis, Ankara,
Kampala, Kyiv, Kiev, Abu Dhabi, London, Washington, Montevideo, Tashkent, Caracas, Hanoi, Lusaka,
Harare, New York, NYC, Los Angeles, Chicago, Houston, Phoenix Arizona, Philadelphia, San Antonio,
San Diego, Dallas, Austin Texas, Jacksonville, San Francisco, Seattle, Denver, Boston, Nashville,
Detroit, Portland, Las Vegas, Vegas, Memphis, Louisville, Baltimore, Milwaukee, Albuquerque,
Tucson, Fresno, Sacramento, Atlanta, Miami, Tampa, Orlando, Cleveland, Pittsburgh, Cincinnati,
Minneapolis, St Louis, Saint Louis, Kansas City, New Orleans, Salt Lake City, Honolulu, Anchorage,
Charleston, Indianapolis, Columbus Ohio, Raleigh, Santa Monica, Malibu, Long Beach, Palm Springs,
Oakland, Key West, Hawaii, Waikiki, Maui, Oahu, California, Texas, Florida, Alaska, Arizona,
Nevada, Utah, Colorado, Oregon, Ohio, Michigan, Illinois, Minnesota, Wisconsin, Tennessee,
Kentucky, Louisiana, Oklahoma, Kansas, Nebraska, Montana, Idaho, Wyoming, New Mexico, Arkansas,
Alabama, Mississippi, South Carolina, North Carolina, Pennsylvania, New Jersey, Massachusetts,
Connecticut, Vermont, New Hampshire, Maryland, Delaware, Indiana, Missouri, Iowa, North Dakota,
South Dakota, Toronto, Montreal, Vancouver, Calgary, Edmonton, Winnipeg, Quebec, Halifax, Ontario,
British Columbia, Alberta, Nova Scotia, Cancun, Guadalajara, Monterrey, Tijuana, Puebla, Oaxaca,
Tulum, Acapulco, Playa del Carmen, Puerto Vallarta, Medellin, Cartagena, Cali Colombia,
Barranquilla, Guayaquil, Cusco, Arequipa, Machu Picchu, Rio de Janeiro, Sao Paulo, Salvador Bahia,
Fortaleza, Recife, Curitiba, Florianopolis, Porto Alegre, Belo Horizonte, Manaus, Cordoba, Rosario,
Mendoza, Bariloche, Valparaiso, Maracaibo, Birmingham, Manchester, Liverpool, Leeds, Sheffield,
Bristol, Newcastle, Nottingham, Leicester, Glasgow, Edinburgh, Aberdeen, Inverness, Cardiff,
Swansea, Belfast, Brighton, Southampton, Portsmouth, Plymouth, Oxford, Cambridge, Coventry,
Bournemouth, Blackpool, Norwich, Galway, Limerick, Marseille, Lyon, Toulouse, Bordeaux, Strasbourg,
Nantes, Montpellier, Lille, Rennes, Grenoble, Cannes, Avignon, Dijon, Biarritz, Saint Tropez,
Munich, Munchen, Muenchen, Hamburg, Cologne Cathedral, Koln, Koeln, Frankfurt, Stuttgart,
Dusseldorf, Duesseldorf, Dortmund, Leipzig, Dresden, Hannover, Hanover, Nuremberg, Nurnberg,
Nuernberg, Bremen, Duisburg, Bochum, Wuppertal, Bielefeld, Bonn, Munster, Muenster, Karlsruhe,
Mannheim, Augsburg, Wiesbaden, Mainz, Freiburg, Heidelberg, Potsdam, Rostock, Kiel, Lubeck,
Luebeck, Erfurt, Salzburg, Innsbruck, Graz, Linz, Klagenfurt, Hallstatt, Zurich, Zuerich, Geneva,
Geneve, Genf, Basel, Lausanne, Lucerne, Luzern, Interlaken, Zermatt, Lugano, Milan, Milano, Naples,
Napoli, Turin, Torino, Venice, Venezia, Firenze, Bologna, Genoa, Genova, Verona, Palermo, Catania,
Bari Italy, Pisa, Siena, Rimini, Sorrento, Amalfi, Positano, Cinque Terre, Barcelona, Valencia,
Seville, Sevilla, Malaga, Bilbao, Zaragoza, Granada, Alicante, Benidorm, Marbella, Palma, San
Sebastian, Salamanca, Toledo Spain, Cadiz, Oporto, Porto, Faro, Lagos, Sintra, Braga, Coimbra,
Madeira, Azores, Funchal, Rotterdam, The Hague, Den Haag, Utrecht, Eindhoven, Groningen,
Maastricht, Haarlem, Delft, Leiden, Arnhem, Nijmegen, Antwerp, Antwerpen, Ghent, Bruges, Brugge,
Leuven, Liege, Charleroi, Krakow, Cracow, Wroclaw, Poznan, Gdansk, Gdynia, Sopot, Lodz, Katowice,
Lublin, Szczecin, Bydgoszcz, Zakopane, Torun, Brno, Ostrava, Plzen, Cesky Krumlov, Karlovy Vary,
Kosice, Gothenburg, Goteborg, Malmo, Uppsala, Kiruna, Bergen, Trondheim, Stavanger, Tromso, Aarhus,
Odense, Aalborg, Tampere, Turku, Espoo, Rovaniemi, Tartu, Kaunas, Klaipeda, Thessaloniki,
Heraklion, Patras, Corfu, Istanbul, Izmir, Antalya, Bodrum, Cappadocia, Bursa, Dubrovnik, Zadar,
Rijeka, Mostar, Novi Sad, Cluj Napoca, Timisoara, Brasov, Plovdiv, Varna, Debrecen, Szeged, Lviv,
Odesa, Odessa, Kharkiv, Dnipro, Mariupol, Saint Petersburg, St Petersburg, Novosibirsk,
Yekaterinburg, Kazan, Sochi, Vladivostok, Samara, Batumi, Almaty, Samarkand, Osaka, Kyoto, Nagoya,
Sapporo, Fukuoka, Kobe, Yokohama, Kawasaki, Hiroshima, Nagasaki, Sendai, Nara, Kanazawa, Naha,
Hakodate, Nikko, Kamakura, Hakone, Atami, Kumamoto, Kagoshima, Matsuyama, Takayama, Nagano,
Niigata, Shizuoka, Busan, Incheon, Daegu, Daejeon, Gwangju, Jeju, Suwon, Ulsan, Gyeongju, Pusan,
Shanghai, Guangzhou, Shenzhen, Chengdu, Chongqing, Wuhan, Xian China, Hangzhou, Nanjing, Tianjin,
Suzhou, Harbin, Qingdao, Kunming, Guilin, Lhasa, Hong Kong, Macau, Macao, Kaohsiung, Taichung,
Tainan, Hualien, Jiufen, Ho Chi Minh, Saigon, Da Nang, Danang, Hoi An, Hue Vietnam, Nha Trang, Ha
Long, Dalat, Siem Reap, Angkor Wat, Sihanoukville, Luang Prabang, Vang Vieng, Yangon, Mandalay,
Bagan, Chiang Mai, Chiang Rai, Phuket, Pattaya, Krabi, Koh Samui, Ko Samui, Koh Phangan, Koh Tao,
Koh Phi Phi, Hua Hin, Ayutthaya, Pai Thailand, Penang, Langkawi, Johor Bahru, Malacca, Melaka,
Ipoh, Kota Kinabalu, Surabaya, Bandung, Yogyakarta, Denpasar, Ubud, Canggu, Seminyak, Kuta,
Uluwatu, Lombok, Gili, Medan, Cebu, Davao, Quezon, Makati, Boracay, Palawan, Siargao, Baguio,
Mumbai, Bombay, Bangalore, Bengaluru, Hyderabad, Chennai, Madras, Kolkata, Calcutta, Pune,
Ahmedabad, Jaipur, Varanasi, Goa, Kerala, Agra, Rishikesh, Udaipur, Amritsar, Kochi, Punjab,
Lahore, Karachi, Peshawar, Pokhara, Kandy, Galle, Dubai, Sharjah, Jeddah, Mecca, Medina, Petra,
Haifa, Eilat, Gaza, Aleppo, Basra, Erbil, Mashhad, Isfahan, Shiraz Iran, Alexandria, Luxor, Giza,
Hurghada, Sharm el Sheikh, Casablanca, Marrakech, Marrakesh, Tangier, Agadir, Chefchaouen, Djerba,
Johannesburg, Cape Town, Durban, Soweto, Kruger, Mombasa, Zanzibar, Arusha, Kumasi, Ibadan, Kano,
Lagos Nigeria, Abidjan, Sydney, Melbourne, Brisbane, Perth, Adelaide, Gold Coast, Cairns, Darwin
Australia, Hobart, Byron Bay, Auckland, Queenstown, Christchurch, Rotorua, Dunedin
"""

QUARTERS = """
Shibuya, Shinjuku, Akihabara, Harajuku, Ginza, Roppongi, Asakusa, Ueno, Ikebukuro, Odaiba, Nakano,
Shimokitazawa, Ebisu, Meguro, Shinagawa, Tsukiji, Kabukicho, Golden Gai, Dotonbori, Dotombori,
Namba, Umeda, Shinsekai, Shinsaibashi, Gion, Arashiyama, Fushimi Inari, Pontocho, Susukino, Nakasu,
Kokusai, Gangnam, Hongdae, Itaewon, Myeongdong, Insadong, Dongdaemun, Sinchon, Haeundae, Gwangalli,
Seomyeon, Jamsil, Yeouido, Bukchon, Kowloon, Mong Kok, Mongkok, Tsim Sha Tsui, Causeway Bay, Wan
Chai, Lan Kwai Fong, Lantau, Ximending, Shilin, Raohe, Zhongshan, Xinyi, Pudong, The Bund,
Wangfujing, Hutong, Sanlitun, Khao San, Khaosan, Sukhumvit, Silom, Thonglor, Ekkamai, Siam Paragon,
Chatuchak, Yaowarat, Nana Plaza, Soi Cowboy, Patpong, Bangla Road, Walking Street, Nimman, Bukit
Bintang, Petaling, Orchard Road, Marina Bay, Clarke Quay, Sentosa, Bugis, Chinatown, Little India,
Little Italy, Koreatown, Japantown, Times Square, Brooklyn, Manhattan, Queens NY, Bronx, Staten
Island, Harlem, SoHo, Tribeca, Williamsburg, Bushwick, Central Park, Coney Island, Broadway, Wall
Street, Fifth Avenue, Rockefeller, Hollywood, Beverly Hills, Venice Beach, Sunset Boulevard, Sunset
Strip, Melrose, Rodeo Drive, Skid Row, Silver Lake, Mission District, Tenderloin, Haight,
Fishermans Wharf, Castro District, Fremont Street, Bourbon Street, French Quarter, South Beach,
Ocean Drive, Wynwood, Wrigleyville, Navy Pier, Deep Ellum, Sixth Street, Camden, Shoreditch,
Brixton, Hackney, Notting Hill, Covent Garden, Piccadilly, Leicester Square, Trafalgar,
Westminster, Kensington, Chelsea London, Mayfair, Southbank, Canary Wharf, Oxford Street, Oxford
Circus, Greenwich, Wembley, Peckham, Whitechapel, Croydon, Tottenham, Islington, Baker Street,
Abbey Road, Downing Street, Regent Street, Carnaby, Montmartre, Marais, Bastille, Pigalle,
Belleville, Saint Germain, Quartier Latin, Latin Quarter, La Defense, Chatelet, Republique, Champs
Elysees, Rue de Rivoli, Kreuzberg, Neukolln, Neukoelln, Friedrichshain, Prenzlauer, Charlottenburg,
Schoneberg, Alexanderplatz, Potsdamer Platz, Kurfurstendamm, Kudamm, Warschauer, Kottbusser,
Tempelhof, Reeperbahn, Sankt Pauli, St Pauli, Schwabing, Marienplatz, Viktualienmarkt, Oktoberfest,
Theresienwiese, Zeil, Sachsenhausen, Konigsallee, Stephansplatz, Prater, Naschmarkt, Mariahilfer,
Langstrasse, Trastevere, Navona, Campo de Fiori, Termini, Navigli, Brera, Rialto, San Marco,
Murano, Burano, Oltrarno, Las Ramblas, La Rambla, Rambla, Barceloneta, Gracia Barcelona, Gothic
Quarter, El Raval, Eixample, Poblenou, Puerta del Sol, Gran Via, Malasana, Chueca, Lavapies, Plaza
Mayor, Retiro, Alfama, Bairro Alto, Cais do Sodre, Belem, Rossio, Ribeira, De Wallen, Jordaan, De
Pijp, Leidseplein, Rembrandtplein, Vondelpark, Red Light District, Grand Place, Nyhavn,
Christiania, Norrebro, Vesterbro, Gamla Stan, Sodermalm, Grunerlokka, Wenceslas, Zizkov, Kazimierz,
Nowy Swiat, Praga Warsaw, Taksim, Istiklal, Sultanahmet, Galata, Kadikoy, Besiktas, Plaka,
Monastiraki, Copacabana, Ipanema, Leblon, Lapa, Vila Madalena, Paulista, Pelourinho, Palermo Soho,
San Telmo, La Boca, Recoleta, Miraflores, Barranco, Zona Rosa, Polanco, La Condesa, Roma Norte,
Coyoacan, Zocalo, El Poblado, Comuna, La Candelaria, Bondi, Kings Cross, Circular Quay, Darling
Harbour, Fitzroy, St Kilda, Surfers Paradise, Bandra, Juhu, Colaba, Connaught Place, Paharganj,
Thamel, Jumeirah, Deira, Zamalek, Medina Marrakesh, Sandton, Kibera
"""

SIGHTS = """
Eiffel Tower, Tour Eiffel, Louvre, Notre Dame, Sacre Coeur, Arc de Triomphe, Versailles,
Disneyland, Disney World, Disneysea, Universal Studios, Legoland, Europapark, Big Ben, London Eye,
Tower Bridge, London Bridge, Buckingham, Hyde Park, Stonehenge, Thames, Colosseum, Colosseo, Trevi,
Pantheon, Vatican, Spanish Steps, Duomo, Ponte Vecchio, Uffizi, Leaning Tower, Pompeii, Vesuvius,
Etna, Sagrada Familia, Park Guell, Camp Nou, Bernabeu, Alhambra, Prado, Mezquita, Acropolis,
Parthenon, Brandenburg Gate, Brandenburger Tor, Reichstag, Checkpoint Charlie, Berghain,
Fernsehturm, Berlin Wall, Kolner Dom, Neuschwanstein, Zugspitze, Elbphilharmonie, Schonbrunn,
Matterhorn, Mont Blanc, Jungfrau, Rijksmuseum, Anne Frank House, Atomium, Manneken Pis, Little
Mermaid, Tivoli, Charles Bridge, Prague Castle, Wawel, Auschwitz, Chain Bridge, Danube, Donau,
Rhine, Elbe, Seine, Tiber, Tagus, Douro, Vistula, Volga, Dnieper, Bosphorus, Hagia Sophia, Blue
Mosque, Grand Bazaar, Red Square, Kremlin, Hermitage, Tokyo Tower, Skytree, Mount Fuji, Mt Fuji,
Fujisan, Sensoji, Senso Ji, Meiji Shrine, Imperial Palace, Kiyomizu, Kinkakuji, Golden Pavilion,
Osaka Castle, Tsutenkaku, Himeji, Itsukushima, Miyajima, Namsan, N Seoul Tower, Lotte World, Lotte
Tower, Gyeongbokgung, Cheonggyecheon, Han River, Taipei 101, Forbidden City, Tiananmen, Great Wall,
Oriental Pearl, Victoria Peak, Victoria Harbour, Star Ferry, Chao Phraya, Wat Arun, Wat Pho, Grand
Palace, Petronas, Batu Caves, Merlion, Gardens by the Bay, Borobudur, Mekong, Taj Mahal, Ganges,
Gateway of India, Everest, Himalaya, Burj Khalifa, Burj al Arab, Dubai Mall, Palm Jumeirah, Wailing
Wall, Western Wall, Dead Sea, Pyramids, Sphinx, Nile, Sahara, Kilimanjaro, Table Mountain, Opera
House, Harbour Bridge, Uluru, Great Barrier Reef, Statue of Liberty, Empire State, Chrysler
Building, Brooklyn Bridge, One World Trade, Ground Zero, High Line, Madison Square, Yankee Stadium,
Golden Gate, Alcatraz, Griffith, Santa Monica Pier, Walk of Fame, Space Needle, Pike Place, The
Bean Chicago, Willis Tower, Millennium Park, Gateway Arch, White House, Capitol Hill, Lincoln
Memorial, Pentagon, Grand Canyon, Yosemite, Yellowstone, Niagara, Mount Rushmore, Alamo, Graceland,
Bellagio, Las Vegas Strip, CN Tower, Chichen Itza, Teotihuacan, Christ the Redeemer, Cristo
Redentor, Sugarloaf, Maracana, Iguazu, Obelisco, Casa Rosada, Titicaca, Galapagos, Patagonia,
Amazonas, Andes, Alps, Dolomites, Pyrenees, Tatra, Black Forest, Schwarzwald, Lake Como, Lake
Garda, Lake Geneva, Bodensee, Loch Ness, Snowdon, Ben Nevis, Balaton, Mediterranean, Adriatic,
Baltic Sea, North Sea, Black Sea, Red Sea, Caspian, English Channel, Heathrow, Gatwick, Stansted,
Schiphol, Orly, Charles de Gaulle, Roissy, Fiumicino, Ciampino, Malpensa, Barajas, El Prat, Tegel,
Narita, Haneda, Kansai, Gimpo, Suvarnabhumi, Don Mueang, Changi, JFK, LAX, LaGuardia, Ohare,
Newark, Euston, Kings Cross, Paddington, St Pancras, Gare du Nord, Gare de Lyon, Hauptbahnhof, Hbf,
Shinkansen, Yamanote, Ringbahn, Eurostar, Grand Central, Penn Station, Ostbahnhof, Zoologischer
Garten, Jungfernstieg, Atocha
"""

CHAINS = """
Starbucks, McDonalds, McDonald's, Burger King, KFC, Subway, Wendys, Taco Bell, Dunkin, Tim Hortons,
In N Out, Chipotle, Five Guys, Lidl, Aldi, Tesco, Sainsburys, Asda, Morrisons, Waitrose, Greggs,
Pret, Costa, Nando's, Nandos, Wetherspoons, 7-Eleven, 7 Eleven, Seven Eleven, Lawson, FamilyMart,
Family Mart, Don Quijote, Donki, Sukiya, Yoshinoya, Matsuya, Ichiran, Carrefour, Auchan, Monoprix,
Leclerc, Rewe, Edeka, Penny, Kaufland, Rossmann, Mercadona, Dia, Eroski, Esselunga, Conad, Albert
Heijn, Jumbo, Hema, Biedronka, Zabka, Walmart, Costco, Walgreens, CVS, Circle K, Wawa, Ikea,
Decathlon, Primark, Uniqlo, Zara, H&M, Shell, Esso, Aral, Denny's, Dennys, Ihop, Waffle House, Hard
Rock, Hooters, Hilton, Marriott, Hyatt, Ibis, Novotel, Sheraton, Ritz, Radisson, Holiday Inn, Motel
6, Toyoko Inn, Apa
"""

OTHER_SCRIPTS = """
東京 京都 大阪 名古屋 札幌 福岡 神戸 横浜 広島 長崎 仙台 奈良 沖縄 北海道 渋谷 新宿 秋葉原 原宿
銀座 六本木 浅草 上野 池袋 品川 難波 なんば 梅田 道頓堀 心斎橋 祇園 富士山 成田 羽田 日本 韓国
中国 台湾 香港 澳門 澳门 北京 上海 广州 廣州 深圳 成都 重庆 武汉 杭州 南京 西安 台北 臺北 高雄
台中 西門町 旺角 九龍 ソウル 釜山 パリ ロンドン ニューヨーク ハワイ バンコク 서울 부산 인천 대구
대전 광주 제주 강남 홍대 이태원 명동 해운대 한국 일본 도쿄 오사카 후쿠오카 москв петербург киев
київ казан сочи минск варшав берлин лондон париж токио стамбул росси украин польш герман грузи
тбилис ереван алмат арбат невск владивосток новосибирск екатеринбург харьков харків львов львів
одесс αθηνα θεσσαλονικη ελλαδα กรุงเทพ เชียงใหม่ ภูเก็ต พัทยา ไทย القاهرة دبي الرياض جدة بيروت
بغداد دمشق عمان مكة مراكش تونس مصر תל אביב ירושלים חיפה दिल्ली मुंबई भारत कोलकाता
"""


def names(*lists: str) -> list[str]:
    """The names of such lists, one by one."""
    return [name for each in lists for part in each.split(",") if (name := " ".join(part.split()))]
